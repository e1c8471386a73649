const program = Math.random().toString(36).slice(2);
let given = 0;

/**
 * A name that nothing else on the page has. The app and each panel are programs of their own, whose counts alone would be the
 * same; and Grafana takes a request back when another one of the same name is made.
 */
export const newId = () => `${program}-${++given}`;
