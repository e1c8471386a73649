import { Button, Dropdown, Menu } from '@grafana/ui';
import React from 'react';

import { explorePage } from '../../address';
import { DATASOURCE_TYPE, SEGMENTS_PANEL_ID } from '../../constants';
import { t } from '../../text';

const QUERY = { queryType: 'segments', options: {} };

/** The list of segments as a panel to be copied, or as a query. */
export function UseList({ datasource: uid }: { datasource: string }) {
  const datasource = { type: DATASOURCE_TYPE, uid };
  const panel = {
    ...{ type: SEGMENTS_PANEL_ID, title: t('segments.title'), datasource },
    targets: [{ refId: 'A', datasource, ...QUERY }],
  };
  return (
    <Dropdown
      overlay={
        <Menu>
          <Menu.Item label={t('users.explore')} url={explorePage(uid, QUERY)} />
          <Menu.Item
            label={t('segments.copyPanel')}
            onClick={() => void navigator.clipboard.writeText(JSON.stringify(panel, null, 2))}
          />
        </Menu>
      }
    >
      <Button variant="secondary" icon="apps">
        {t('users.use')}
      </Button>
    </Dropdown>
  );
}
