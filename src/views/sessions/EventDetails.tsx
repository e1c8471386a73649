import { css } from '@emotion/css';
import { type DataFrame, dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { Button, ClipboardButton, LinkButton, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

import { fieldOf, nameOf, valueOf } from '../../api/frames';
import { NARROW } from '../../components/narrow';
import { Stack } from '../../components/Stack';
import { t } from '../../text';

import { attributesOf, jsonOf } from './entries';
import { type HrefOfTrace } from './traces';

const FIELDS = ['page', 'path', 'name', 'action_type', 'target', 'error_message', 'frustration'];

interface Props {
  frame: DataFrame;
  row: number;
  /** Leads to a moment, in milliseconds. */
  hrefOf?: (at: number) => string;
  hrefOfTrace?: HrefOfTrace;
}

/** All that an event says. */
export function EventDetails({ frame, row, hrefOf, hrefOfTrace }: Props) {
  const styles = useStyles2(getStyles);
  const [json, setJson] = useState(false);
  const time = valueOf<number>(frame, 'time', row)!;
  const attributes = valueOf<string>(frame, 'attributes', row);
  const told: Array<[string, string]> = FIELDS.flatMap((name) => {
    const value = valueOf<string>(frame, name, row);
    return value ? [[nameOf(fieldOf(frame, name)!), value]] : [];
  });
  const all: Array<[string, string]> = [
    [t('sessions.time'), dateTimeFormat(time, { format: 'YYYY-MM-DD HH:mm:ss.SSS Z' })],
    ...told,
    ...attributesOf(attributes),
  ];
  const trace = hrefOfTrace?.(attributes, time);
  return (
    <div className={styles.details}>
      {json ? (
        <pre className={styles.json}>{jsonOf(frame, row)}</pre>
      ) : (
        <dl className={styles.list}>
          {all.map(([name, value], i) => (
            <div key={i}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <Stack wrap small>
        {trace && (
          <LinkButton href={trace} {...{ variant: 'secondary', fill: 'text', size: 'sm', icon: 'compass' }}>
            {t('sessions.trace')}
          </LinkButton>
        )}
        {hrefOf && (
          <ClipboardButton
            {...{ variant: 'secondary', fill: 'text', size: 'sm', icon: 'link' }}
            getText={() => new URL(hrefOf(time), window.location.href).href}
          >
            {t('sessions.copyLink')}
          </ClipboardButton>
        )}
        <Button
          {...{ variant: 'secondary', fill: 'text', size: 'sm', icon: 'brackets-curly' }}
          aria-pressed={json}
          onClick={() => setJson(!json)}
        >
          {t('sessions.json')}
        </Button>
      </Stack>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  details: css({ padding: theme.spacing(0.5, 1, 1, 9), [NARROW]: { paddingLeft: theme.spacing(2) } }),
  list: css({
    margin: 0,
    '> div': { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0, 1) },
    dt: { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular, minWidth: 140 },
    dd: { margin: 0, minWidth: 0, overflowWrap: 'anywhere' },
  }),
  json: css({ margin: 0, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }),
});
