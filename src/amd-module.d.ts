/** What AMD tells a module of itself. */
declare module 'amd-module' {
  /** Its address. */
  export const uri: string | undefined;
  /** Its name: what it was loaded by, which is an address as well. */
  export const id: string | undefined;
}
