import { css } from '@emotion/css';
import { type GrafanaTheme2, type PanelProps } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';

import { frustrationsPage, segmentPage, useAddress, userPage } from '../../address';
import { textRange } from '../../api/range';
import { EmptyState } from '../../components/EmptyState';
import { t } from '../../text';
import { PathwaysView } from '../../views/pathways/PathwaysView';
import { fromParameters, stateOf, toParameters } from '../../views/pathways/state';
import { fromPanelAddress, setPanelParameters } from '../address';
import { optionsOf, queryOf } from '../queryOf';

/** The pathways view over a panel's own query. What a person does in it stands in the dashboard's address. */
export default function PathwaysPanel({ id, data: { request, timeRange }, width, height }: PanelProps) {
  const styles = useStyles2(getStyles);
  const { search } = useAddress();
  const query = queryOf(request, 'pathways');
  const uid = query?.datasource?.uid;
  if (!request || !query || !uid) {
    return <EmptyState icon="code-branch" title={t('panel.wantsPathways')} help={t('panel.wantsPathwaysHelp')} />;
  }
  const { usual, base } = stateOf(optionsOf(query, request));
  const range = textRange(timeRange.raw);
  const state = { ...fromParameters(fromPanelAddress(search, id), usual), range };
  return (
    <div className={styles.panel} style={{ width, height }}>
      <PathwaysView
        key={uid}
        {...{ datasource: uid, draft: `${window.location.pathname} ${id}`, state, base, around: request }}
        onState={(next) => setPanelParameters(id, toParameters({ ...next, range: usual.range }, usual), false)}
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
