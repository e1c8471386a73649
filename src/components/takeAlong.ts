import { type RawTimeRange } from '@grafana/data';

import { explorePage } from '../address';
import { DATASOURCE_TYPE } from '../constants';
import { type QueryOf } from '../query/types';
import { type QueryType } from '../query/types.gen';
import { t } from '../text';

import { type Action } from './Actions';

interface Shown {
  /** The panel's id, and what it is called. */
  panel: string;
  title: string;
  query: Pick<QueryOf<QueryType>, 'queryType' | 'options'>;
  range?: RawTimeRange;
}

/** Takes what a view shows along, as a panel or as a query. */
export function takeAlong(uid: string, { panel, title, query, range }: Shown): Action {
  const datasource = { type: DATASOURCE_TYPE, uid };
  const json = { type: panel, title, datasource, targets: [{ refId: 'A', datasource, ...query }] };
  return {
    ...{ text: t('users.use'), icon: 'apps' },
    choices: [
      { text: t('users.explore'), href: explorePage(uid, query, range) },
      {
        text: t('segments.copyPanel'),
        onClick: () => void navigator.clipboard.writeText(JSON.stringify(json, null, 2)),
      },
    ],
  };
}
