/** The decision to leave or to go on, as pure functions of what an exit says. */
package io.boostnet.flink.exit;
