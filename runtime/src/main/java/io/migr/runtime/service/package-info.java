/** The life of a service: start, health, readiness, metrics, stop. */
package io.migr.runtime.service;
