import { explorePage } from '../../address';
import { type Action } from '../../components/Actions';
import { DATASOURCE_TYPE, SEGMENTS_PANEL_ID } from '../../constants';
import { t } from '../../text';

const QUERY = { queryType: 'segments', options: {} };

/** Takes the list of segments along, as a panel or as a query. */
export function takeList(uid: string): Action {
  const datasource = { type: DATASOURCE_TYPE, uid };
  const panel = {
    ...{ type: SEGMENTS_PANEL_ID, title: t('segments.title'), datasource },
    targets: [{ refId: 'A', datasource, ...QUERY }],
  };
  return {
    ...{ text: t('users.use'), icon: 'apps' },
    choices: [
      { text: t('users.explore'), href: explorePage(uid, QUERY) },
      {
        text: t('segments.copyPanel'),
        onClick: () => void navigator.clipboard.writeText(JSON.stringify(panel, null, 2)),
      },
    ],
  };
}
