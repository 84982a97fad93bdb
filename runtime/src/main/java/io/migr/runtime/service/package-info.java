/** The life cycle of a service: start, health, readiness, metrics, stop. */
package io.migr.runtime.service;
