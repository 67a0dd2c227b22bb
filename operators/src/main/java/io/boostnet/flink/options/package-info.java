/** The one home of the library's options, with their defaults. */
package io.boostnet.flink.options;
