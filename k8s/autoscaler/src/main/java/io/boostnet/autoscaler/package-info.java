/** The autoscaler of the Flink Kubernetes operator, for a cluster without Kubernetes. */
package io.boostnet.autoscaler;
