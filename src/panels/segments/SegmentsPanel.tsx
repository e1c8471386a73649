import { css } from '@emotion/css';
import { type GrafanaTheme2, type PanelProps } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';

import { pageAddress, segmentPage, useAddress } from '../../address';
import { EmptyState } from '../../components/EmptyState';
import { t } from '../../text';
import { fromParameters, toParameters } from '../../views/segments/list';
import { SegmentsView } from '../../views/segments/SegmentsView';
import { fromPanelAddress, setPanelParameters } from '../address';
import { queryOf } from '../queryOf';

/** The list of segments on a dashboard, whose address has how it is narrowed and sorted; each leads to its own page. */
export default function SegmentsPanel({ id, data: { request }, width, height }: PanelProps) {
  const styles = useStyles2(getStyles);
  const { search } = useAddress();
  const uid = queryOf(request, 'segments')?.datasource?.uid;
  if (!request || !uid) {
    return <EmptyState icon="users-alt" title={t('panel.wantsSegments')} help={t('panel.wantsSegmentsHelp')} />;
  }
  return (
    <div className={styles.panel} style={{ width, height }}>
      <SegmentsView
        key={uid}
        datasource={uid}
        state={fromParameters(fromPanelAddress(search, id))}
        onState={(state, typing = false) => setPanelParameters(id, toParameters(state), typing)}
        fileHref={pageAddress(['tables', '-'], [['ds', uid]])}
        hrefOf={(segment) => segmentPage(segment, [['ds', uid]])}
        asked={`${request.requestId} ${request.startTime}`}
      />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  panel: css({ overflow: 'auto', padding: theme.spacing(1) }),
});
