/** Names of actions as SDKs make them: what was done, and to what. The same button is clicked on the web and tapped in an app. */

/** What people do to a button, and how it is said afterwards. */
export const PAST: Record<string, string> = { click: 'clicked', tap: 'tapped' };

/** "click on BUY" in its parts; a name that is made otherwise is all object. */
export function splitAction(name: string): { verb?: string; object: string } {
  const [, verb, object] = new RegExp(`^(${Object.keys(PAST).join('|')}) on (.+)$`, 's').exec(name) ?? [];
  return verb ? { verb, object } : { object: name };
}

/** The same done otherwise: "tap on BUY" for "click on BUY"; nothing for names that are made otherwise. */
export function siblings(name: string): string[] {
  const { verb, object } = splitAction(name);
  return verb
    ? Object.keys(PAST)
        .filter((other) => other !== verb)
        .map((other) => `${other} on ${object}`)
    : [];
}
