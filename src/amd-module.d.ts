/** What AMD tells a module of itself. */
declare module 'amd-module' {
  /** Its address. */
  export const uri: string | undefined;
}
