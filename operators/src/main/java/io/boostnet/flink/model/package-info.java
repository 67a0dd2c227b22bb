/** Plain values that the other packages share; uses nothing but the JDK. */
package io.boostnet.flink.model;
