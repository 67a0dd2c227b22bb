/**
 * What a bundle is measured by after it was made: {@link
 * io.boostnet.training.calibrate.CalibrateCommand} for its evidence, {@link
 * io.boostnet.training.calibrate.CompareCommand} against the user's own code.
 */
package io.boostnet.training.calibrate;
