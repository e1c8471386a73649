import { css } from '@emotion/css';
import { Button, useStyles2 } from '@grafana/ui';
import React, { useCallback } from 'react';

import { useLoaded } from '../../api/useLoaded';
import { type LoadValues } from '../../audience/completion';
import { siblings } from '../../conditions/actions';
import { type EventName } from '../../conditions/event';
import { type AttributeValue } from '../../query/types.gen';
import { t } from '../../text';
import { holdersText } from '../holders';
import { Stack } from '../Stack';

import { useBuilder } from './builder';

interface Props {
  /** The actions that are chosen. */
  names: EventName[];
  onAdd: (name: EventName) => void;
}

/** Offers what the same button is called on other devices, so that nobody counts one of them for all. */
export function Siblings({ names, onAdd }: Props) {
  const styles = useStyles2(getStyles);
  const { attributes, loadValues } = useBuilder();
  const chosen = names.filter(({ pattern }) => !pattern).map(({ value }) => value);
  const found = useActions(loadValues, JSON.stringify(chosen.flatMap(siblings)));
  const offered = found.filter(({ value }) => !chosen.includes(value));
  return offered.length === 0 ? null : (
    <div className={styles.line}>
      <Stack wrap>
        {offered.map(({ value, count }) => (
          <Button
            key={value}
            {...{ variant: 'secondary', size: 'sm', icon: 'plus' }}
            onClick={() => onAdd({ value, pattern: false })}
          >
            {t('builder.also', { name: value })}
            {count ? ` · ${holdersText(count, 'action', attributes)}` : ''}
          </Button>
        ))}
      </Stack>
    </div>
  );
}

/** Actions of these names, which are a list as JSON, however they are spelt. */
function useActions(loadValues: LoadValues, wanted: string): AttributeValue[] {
  const load = useCallback(async () => {
    const names: string[] = JSON.parse(wanted);
    const found = await Promise.all(names.map((name) => loadValues('action', name, 5).catch(() => [])));
    return found.map((values, i) => values.filter(({ value }) => sameWords(value, names[i]))).flat();
  }, [wanted, loadValues]);
  return useLoaded(load).value ?? [];
}

const sameWords = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

// In a line of its own, below the fields.
const getStyles = () => ({ line: css({ flexBasis: '100%' }) });
