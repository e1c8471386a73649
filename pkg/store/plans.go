package store

// BoundedPlans is a statement for transactions that ask about many users. Where the planner expects few rows of a condition
// and there are all, it would compare every user with a copy of every row; without copies it makes a hash of them.
const BoundedPlans = `set local enable_material = off`
