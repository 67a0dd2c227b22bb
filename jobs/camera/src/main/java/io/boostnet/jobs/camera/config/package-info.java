/** What a person says of cameras: the keys of the YAML file. */
package io.boostnet.jobs.camera.config;
