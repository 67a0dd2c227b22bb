/** Images that frames refer to: read before the chain, many at a time. */
package io.boostnet.flink.reference;
