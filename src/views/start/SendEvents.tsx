import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { RadioButtonGroup, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

import { Section } from '../../components/Section';
import { Stack } from '../../components/Stack';
import { t } from '../../text';

import { Command } from './Command';
import { copy, grant, importCsv, importSdk, insert, type Store } from './commands';

type Way = 'files' | 'application' | 'sdk';

const WAYS: Way[] = ['files', 'application', 'sdk'];
const DOCS = 'https://github.com/footfall-analytics/footfall/blob/main/docs';
const READ_ON = { files: `${DOCS}/import.md`, application: `${DOCS}/data-model.md`, sdk: `${DOCS}/import-examples.md` };

/** The ways to send events to this very store. */
export function SendEvents({ store }: { store: Store }) {
  const styles = useStyles2(getStyles);
  const [way, setWay] = useState<Way>('files');
  return (
    <Section title={t('start.send')}>
      <Stack>
        <RadioButtonGroup
          aria-label={t('start.send')}
          value={way}
          options={WAYS.map((value) => ({ value, label: t(`start.way.${value}`) }))}
          onChange={setWay}
        />
      </Stack>
      <p className={styles.note}>
        {t(`start.wayHelp.${way}`)}{' '}
        <a className={styles.link} href={READ_ON[way]} target="_blank" rel="noreferrer">
          {t('start.readOn')}
        </a>
      </p>
      {way === 'files' && <Command name={t('start.way.files')} text={importCsv(store)} />}
      {way === 'sdk' && <Command name={t('start.way.sdk')} text={importSdk(store)} />}
      {way === 'application' && (
        <>
          <Command name={t('start.oneEvent')} text={insert(store)} />
          <p className={styles.note}>{t('start.manyEvents')}</p>
          <Command name={t('start.manyEvents')} text={copy(store)} />
        </>
      )}
      <p className={styles.note}>{t('start.writerHelp')}</p>
      <Command name={t('start.writer')} text={grant()} />
    </Section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  note: css({ color: theme.colors.text.secondary, margin: 0, maxWidth: '90ch' }),
  link: css({ color: theme.colors.text.link, textDecoration: 'underline' }),
});
