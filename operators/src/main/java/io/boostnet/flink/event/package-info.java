/** Events: when what a source shows is another, decided over the predictions of its frames. */
package io.boostnet.flink.event;
