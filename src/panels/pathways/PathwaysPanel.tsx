import { css } from '@emotion/css';
import { type GrafanaTheme2, type PanelProps } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

import { frustrationsPage, segmentPage, useAddress, userPage } from '../../address';
import { textRange } from '../../api/range';
import { EmptyState } from '../../components/EmptyState';
import { exploredRequest } from '../../query/explored';
import { t } from '../../text';
import { PathwaysView } from '../../views/pathways/PathwaysView';
import { fromParameters, stateOf, toParameters } from '../../views/pathways/state';
import { fromPanelAddress, setPanelParameters } from '../address';
import { optionsOf, queryOf } from '../queryOf';

/** The pathways view over a panel's own query, in a dashboard or in Explore. */
export default function PathwaysPanel(props: PanelProps) {
  const { data } = props;
  const explored = data.request ? undefined : exploredRequest(data.series, data.timeRange);
  return explored ? (
    // What was chosen belongs to the query that was run.
    <InExplore key={JSON.stringify(explored.targets)} {...props} data={{ ...data, request: explored }} />
  ) : (
    <InDashboard {...props} />
  );
}

/** What a person does in it stands in the dashboard's address. */
function InDashboard(props: PanelProps) {
  const { id } = props;
  const { search } = useAddress();
  return (
    <Panel
      {...props}
      chosen={fromPanelAddress(search, id)}
      onChoose={(parameters) => setPanelParameters(id, parameters, false)}
    />
  );
}

/** Explore's address is its own. */
function InExplore(props: PanelProps) {
  const [parameters, setParameters] = useState<string[][]>([]);
  return <Panel {...props} chosen={new URLSearchParams(parameters)} onChoose={setParameters} />;
}

interface Props extends PanelProps {
  /** What is seen otherwise than the query says, as parameters of an address. */
  chosen: URLSearchParams;
  onChoose: (parameters: string[][]) => void;
}

function Panel({ id, data: { request, timeRange }, width, height, chosen, onChoose }: Props) {
  const styles = useStyles2(getStyles);
  const query = queryOf(request, 'pathways');
  const uid = query?.datasource?.uid;
  if (!request || !query || !uid) {
    return <EmptyState icon="code-branch" title={t('panel.wantsPathways')} help={t('panel.wantsPathwaysHelp')} />;
  }
  const { usual, base } = stateOf(optionsOf(query, request));
  const range = textRange(timeRange.raw);
  const state = { ...fromParameters(chosen, usual), range };
  return (
    <div className={styles.panel} style={{ width, height }}>
      <PathwaysView
        key={uid}
        {...{ datasource: uid, draft: `${window.location.pathname} ${id}`, state, base, around: request }}
        onState={(next) => onChoose(toParameters({ ...next, range: usual.range }, usual))}
        hrefOf={(...one) => userPage(uid, ...one)}
        hrefOfTrouble={(...one) => frustrationsPage(uid, ...one)}
        hrefOfSegment={(segment) => segmentPage(segment, [['ds', uid]])}
      />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  panel: css({ overflow: 'auto', padding: theme.spacing(1) }),
});
