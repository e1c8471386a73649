import { type GrafanaTheme2 } from '@grafana/data';

import { hueOf } from '../../components/hues';

import { isEnd, type Node } from './graph';

/** Many, since pages stand side by side; and none of them red, which ends have. */
const HUES = ['green', 'yellow', 'blue', 'orange', 'purple'].flatMap((hue) => [hue, `dark-${hue}`]);

/** A page's colour is the same everywhere; what stands for no page has none. */
const colorOf = (node: Node | undefined, theme: GrafanaTheme2) =>
  !node || node.kind === 'other' || isEnd(node) ? theme.colors.text.disabled : hueOf(node.name, theme, HUES);

export const colorOfBar = (node: Node, theme: GrafanaTheme2) =>
  isEnd(node) ? theme.colors.error.border : colorOf(node, theme);

/** A link has its source's colour, unless paths end with it. */
export const colorOfLink = (from: Node | undefined, to: Node | undefined, theme: GrafanaTheme2) =>
  to && isEnd(to) ? theme.colors.error.border : colorOf(from, theme);
