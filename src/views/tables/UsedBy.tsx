import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { Fragment } from 'react';

import { type Table } from '../../query/types.gen';

import { type Places } from './places';

/** The segments that use a table, each a link. */
export function UsedBy({ usedBy, places }: { usedBy: Table['usedBy']; places: Places }) {
  const styles = useStyles2(getStyles);
  return (
    <>
      {usedBy.map(({ id, name }, i) => (
        <Fragment key={id}>
          {i > 0 && ', '}
          <a href={places.segment(id)} className={styles.link}>
            {name}
          </a>
        </Fragment>
      ))}
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({ link: css({ color: theme.colors.text.link }) });
