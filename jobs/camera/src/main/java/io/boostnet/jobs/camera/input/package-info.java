/**
 * One camera or file, frame by frame: ffmpeg's demuxers and decoders, or a directory of images. All
 * native memory of video is here.
 */
package io.boostnet.jobs.camera.input;
