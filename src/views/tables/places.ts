/** Where the parts of the view of tables lead. */
export interface Places {
  /** All tables. */
  list: string;
  table: (name: string) => string;
  /** The upload that makes a new table, or replaces one. */
  upload: (name?: string) => string;
  /** The users that a filter finds. */
  users: (filter: string) => string;
  segment: (id: string) => string;
  /** Opens one of these. */
  go: (href: string) => void;
}
