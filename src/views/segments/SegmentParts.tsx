import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Tab, TabsBar, useStyles2 } from '@grafana/ui';
import React, { type ReactNode, useEffect, useRef } from 'react';

import { EmptyState } from '../../components/EmptyState';
import { formatCount } from '../../components/numbers';
import { type Segment, type SegmentDefinition } from '../../query/types.gen';
import { t } from '../../text';

import { History } from './History';
import { SegmentUsers } from './SegmentUsers';
import { type Places } from './SegmentView';
import { Sizes } from './Sizes';
import { type SegmentState, type SegmentTab, TABS } from './state';
import { UsedBy } from './UsedBy';

interface Props {
  datasource: string;
  segment: Segment;
  state: SegmentState;
  places: Places;
  /** There are changes that are not saved. */
  isChanged: boolean;
  /** The part that says who belongs to it. */
  conditions: ReactNode;
  onState: (state: SegmentState, typing?: boolean) => void;
  /** Takes an earlier definition up again. */
  onUse: (definition: SegmentDefinition) => void;
}

/** The parts of a stored segment, one of which is shown. */
export function SegmentParts({ datasource, segment, state, places, isChanged, conditions, onState, onUse }: Props) {
  const styles = useStyles2(getStyles);
  const { id, computedAt } = segment;
  const counters: Partial<Record<SegmentTab, number>> = {
    users: segment.size ?? undefined,
    use: segment.usedBy.length,
  };
  // In the label, since the counter that tabs have is too pale on Grafana 10.1.
  const labelOf = (tab: SegmentTab) => {
    const label = t(`segments.tab.${tab === 'conditions' && segment.kind === 'static' ? 'list' : tab}`);
    return counters[tab] ? `${label} (${formatCount(counters[tab])})` : label;
  };
  const part = () => {
    if (!computedAt && (state.tab === 'users' || state.tab === 'size')) {
      return <EmptyState icon="clock-nine" title={t('segments.notComputed')} help={t('segments.notComputedHelp')} />;
    }
    switch (state.tab) {
      case 'users':
        return (
          <SegmentUsers
            key={computedAt}
            {...{ datasource, segment, isChanged, places, state: state.users }}
            onState={(users, typing) => onState({ ...state, users }, typing)}
          />
        );
      case 'size':
        return <Sizes key={computedAt} {...{ datasource, segment }} />;
      case 'history':
        return <History {...{ datasource, id, onUse }} />;
      case 'use':
        return <UsedBy {...{ datasource, segment, hrefOf: places.segment }} />;
      default:
        return conditions;
    }
  };
  // The one that is open may be out of sight where they have no room.
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    bar.current
      ?.querySelector('[role=tab][aria-selected=true]')
      ?.scrollIntoView?.({ block: 'nearest', inline: 'nearest' });
  }, [state.tab]);
  return (
    <>
      <TabsBar ref={bar}>
        {TABS.map((tab) => (
          <Tab
            key={tab}
            label={labelOf(tab)}
            active={tab === state.tab}
            onChangeTab={() => onState({ ...state, tab })}
          />
        ))}
      </TabsBar>
      <div role="tabpanel" aria-label={t(`segments.tab.${state.tab}`)} className={styles.part}>
        {state.tab !== 'conditions' && <p className={styles.sentence}>{segment.sentence}</p>}
        {part()}
      </div>
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  part: css({ minWidth: 0 }),
  sentence: css({ marginBottom: theme.spacing(2), '&::first-letter': { textTransform: 'uppercase' } }),
});
