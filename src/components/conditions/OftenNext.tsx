import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

import { useAnswers } from '../../api/useAnswers';
import { nextEvents, type NextQuestion, nextQuestion } from '../../conditions/next';
import { eventWords, textOf } from '../../conditions/words';
import { type SegmentSequence } from '../../query/types.gen';
import { t } from '../../text';
import { sessionsText, usersText } from '../holders';
import { LoadingLine } from '../LoadingLine';
import { Stack } from '../Stack';

import { useBuilder } from './builder';

interface Props {
  /** The event of the step before. */
  before: string;
  sequence: SegmentSequence;
  /** The step, for people who do not see it. */
  label: string;
  onChoose: (event: string) => void;
}

/** What most often follows the step before, asked when somebody wants to know it; who closes it cancels the question. */
export function OftenNext({ before, sequence, label, onChoose }: Props) {
  const { anonymous } = useBuilder();
  const [isOpen, setOpen] = useState(false);
  const question = nextQuestion(before, sequence, anonymous);
  if (!question) {
    return null;
  }
  const choose = (event: string) => {
    setOpen(false);
    onChoose(event);
  };
  return (
    <>
      <Button
        {...{ variant: 'secondary', fill: 'text', size: 'sm', 'aria-expanded': isOpen }}
        aria-label={t('builder.next.label', { label })}
        onClick={() => setOpen(!isOpen)}
      >
        {t('builder.next')}
      </Button>
      {isOpen && <Offered {...{ question, label, choose }} />}
    </>
  );
}

interface OfferedProps {
  question: NextQuestion;
  label: string;
  choose: (event: string) => void;
}

function Offered({ question: { options, range }, label, choose }: OfferedProps) {
  const styles = useStyles2(getStyles);
  const { datasource } = useBuilder();
  const { of, loading } = useAnswers(datasource, [{ refId: 'next', queryType: 'pathways', options }], range);
  const { frames, error } = of.next ?? { frames: [] };
  const events = nextEvents(frames[0]);
  const unit = t(options.unit === 'user' ? 'builder.next.users' : 'builder.next.sessions', {
    page: options.page ?? '',
  });
  return (
    <div role="group" aria-label={t('builder.next.label', { label })} aria-busy={loading} className={styles.offered}>
      <LoadingLine loading={loading} />
      {error && <span role="alert">{error}</span>}
      {!loading && !error && (
        <span className={styles.note}>
          {events.length > 0 ? unit : t('builder.next.none', { page: options.page ?? '' })}
        </span>
      )}
      <Stack wrap>
        {events.map(({ event, count }) => (
          <Button key={event} variant="secondary" size="sm" onClick={() => choose(event)}>
            {textOf(eventWords(event))} · {options.unit === 'user' ? usersText(count) : sessionsText(count)}
          </Button>
        ))}
      </Stack>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  // In a line of its own, below the fields of its step.
  offered: css({ flexBasis: '100%', display: 'flex', flexDirection: 'column', gap: theme.spacing(0.5) }),
  note: css({ color: theme.colors.text.secondary }),
});
