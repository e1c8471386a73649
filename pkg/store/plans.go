package store

// BoundedPlans are statements for transactions that ask about many users. Where the planner expects few rows of a condition
// and there are all, it would compare every user with a copy of every row; without copies it makes a hash of them. And where
// it expects more of them than a hash may have, it would find them anew for every user: what a million users take must be
// allowed.
const BoundedPlans = `set local enable_material = off; set local hash_mem_multiplier = 16; ` + NoJIT

// PlansByKey are statements for transactions that ask for the rows of large tables that some thousands of keys have. Without
// statistics of the keys, and of tables that have just been filled, the planner may choose to read a whole table, once or
// even for each key; a nested loop over an index on the key is right always.
const PlansByKey = `
set local enable_hashjoin = off; set local enable_mergejoin = off; set local enable_material = off;
set local enable_seqscan = off; ` + NoJIT

// PlansOfFew is a statement for transactions that go on to ask for what some users have, thousands at most. By default the planner takes a
// page that an index leads to for four times as dear as the next one, and rather reads all sessions of a month than the 40,000 of twenty
// busy users.
const PlansOfFew = `set local random_page_cost = 1.1`

// NoJIT is a statement for transactions that read large tables: compiling what reads them takes longer than running it, up to seconds for
// a list of thirty columns. The PostgreSQL of Debian and of Docker's image compiles by default.
const NoJIT = `set local jit = off`
