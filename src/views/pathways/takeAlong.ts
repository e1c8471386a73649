import { type RawTimeRange } from '@grafana/data';

import { explorePage } from '../../address';
import { type Action } from '../../components/Actions';
import { DATASOURCE_TYPE, PATHWAYS_PANEL_ID } from '../../constants';
import { type PathwaysOptions } from '../../query/types.gen';
import { t } from '../../text';

/** Takes pathways along, as a panel or as a query. */
export function takeAlong(uid: string, options: PathwaysOptions, range: RawTimeRange): Action {
  const datasource = { type: DATASOURCE_TYPE, uid };
  const query = { queryType: 'pathways', options };
  const panel = {
    ...{ type: PATHWAYS_PANEL_ID, title: t('pathways.title'), datasource },
    targets: [{ refId: 'A', datasource, ...query }],
  };
  return {
    ...{ text: t('users.use'), icon: 'apps' },
    choices: [
      { text: t('users.explore'), href: explorePage(uid, query, range) },
      {
        text: t('segments.copyPanel'),
        onClick: () => void navigator.clipboard.writeText(JSON.stringify(panel, null, 2)),
      },
    ],
  };
}
