/** How the module says that what a user gave cannot be used. */
package io.boostnet.training.input;
