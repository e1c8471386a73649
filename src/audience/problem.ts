/** What is wrong with a filter, if that is why a query was not answered: "at 12: unknown attribute ...". */
export const filterProblem = (error?: string) => /^options\.filter is wrong: (.*)$/s.exec(error ?? '')?.[1];

/** Where it is wrong, in characters from 1; undefined where that is no single place. */
export const problemAt = (problem?: string) => Number(/^at (\d+):/.exec(problem ?? '')?.[1]) || undefined;

/** What is said where the place is marked. */
export const withoutPlace = (problem: string) => problem.replace(/^at \d+: /, '');
