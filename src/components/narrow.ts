/** Where a view has little room, on a phone or in a small panel: for styles below an element with a container type. */
export const NARROW = '@container (max-width: 760px)';
/** Where there is room for a table, but for nothing beside it. */
export const MEDIUM = '@container (max-width: 1000px)';
/** Where there is just enough room for a table. */
export const TIGHT = '@container (min-width: 761px) and (max-width: 1000px)';
/** Where there is no room for fields beside each other. */
export const SLIM = '@container (max-width: 500px)';
