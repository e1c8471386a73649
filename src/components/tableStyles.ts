import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';

import { NARROW } from './narrow';

/** Tables of views, which become lists of cards where there is no room: cells then say their column by `data-name`. */
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
      'tbody tr:last-child > *': { borderBottom: 'none' },
      'tbody tr:hover > *': { background: theme.colors.background.secondary },
      [NARROW]: {
        thead: { position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' },
        'tbody, tr, tbody th, td': { display: 'block', maxWidth: 'none' },
        tr: { borderBottom: line, padding: theme.spacing(1, 0) },
        'th, td': { borderBottom: 'none', padding: theme.spacing(0.25, 1.5) },
        'td::before': { content: 'attr(data-name) ": "', color: theme.colors.text.secondary },
      },
    }),
    number: css({
      ...{ fontVariantNumeric: 'tabular-nums', '&&': { textAlign: 'right', [NARROW]: { textAlign: 'left' } } },
    }),
  };
};
