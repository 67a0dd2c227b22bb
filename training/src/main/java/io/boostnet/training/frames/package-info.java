/** Frame files: labelled images as a stream to replay. */
package io.boostnet.training.frames;
