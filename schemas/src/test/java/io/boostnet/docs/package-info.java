/** Reading the project's own pages, for the tests that keep them true. */
package io.boostnet.docs;
