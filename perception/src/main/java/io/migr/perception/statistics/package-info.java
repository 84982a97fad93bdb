/** Order statistics that faces and voices are summed up by. */
package io.migr.perception.statistics;
