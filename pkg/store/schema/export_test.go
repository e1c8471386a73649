package schema

// MigrateTo makes the store of an older version.
var MigrateTo = migrateTo
