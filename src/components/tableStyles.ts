import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';

import { NARROW } from './narrow';

/**
 * Tables of views, which become lists of cards where there is no room: cells then say their column by `data-name`, as many in a
 * line as there is room for, without those that have no value.
 */
export const getTableStyles = (theme: GrafanaTheme2) => {
  const line = `1px solid ${theme.colors.border.weak}`;
  return {
    frame: css({ overflowX: 'auto', border: line, borderRadius: theme.shape.radius.default }),
    table: css({
      ...{ width: '100%', borderCollapse: 'separate', borderSpacing: 0, background: theme.colors.background.primary },
      'th, td': {
        ...{ padding: theme.spacing(0.75, 1), borderBottom: line, fontWeight: theme.typography.fontWeightRegular },
        ...{ textAlign: 'left', whiteSpace: 'nowrap' },
      },
      'thead th': { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightMedium },
      time: { whiteSpace: 'nowrap' },
      'tbody tr:last-child > *': { borderBottom: 'none' },
      'tbody tr:hover > *': { background: theme.colors.background.secondary },
      [NARROW]: {
        thead: { position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' },
        'tbody, tbody th, td': { display: 'block', maxWidth: 'none' },
        tr: { display: 'flex', flexWrap: 'wrap', columnGap: theme.spacing(2), padding: theme.spacing(1, 1.5) },
        'tbody tr:not(:last-child)': { borderBottom: line },
        'th, td': { borderBottom: 'none', padding: theme.spacing(0.25, 0), whiteSpace: 'normal' },
        'tbody th': { flexBasis: '100%' },
        'td::before': { content: 'attr(data-name) ": "', color: theme.colors.text.secondary },
        'td:has(> [data-missing])': { display: 'none' },
      },
    }),
    /** More about a value: a line below it, and beside it in a card. */
    below: css({
      ...{ display: 'block', color: theme.colors.text.secondary },
      [NARROW]: { display: 'inline', '&::before': { content: '", "' } },
    }),
    number: css({
      ...{ fontVariantNumeric: 'tabular-nums', '&&': { textAlign: 'right', [NARROW]: { textAlign: 'left' } } },
    }),
  };
};
