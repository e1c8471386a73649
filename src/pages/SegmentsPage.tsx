import React, { useState } from 'react';

import { goTo, leavingPage, NEW, pageAddress, segmentPage, setParameters, userPage } from '../address';
import { toAddress } from '../audience/audience';
import { type Segment } from '../query/types.gen';
import { t } from '../text';
import * as list from '../views/segments/list';
import { SegmentsView } from '../views/segments/SegmentsView';
import { SegmentView } from '../views/segments/SegmentView';
import * as one from '../views/segments/state';

import { Leaving } from './Leaving';
import { ListPage } from './ListPage';

/** All segments, or one of them on the whole page. */
export default function SegmentsPage() {
  const [deleted, setDeleted] = useState<Segment>();
  const [known, setKnown] = useState<Pick<Segment, 'id' | 'name'>>();
  const titleOf = (id: string) => (id === NEW ? t('segments.new') : known?.id === id ? known.name : t('segments.one'));
  return (
    <ListPage path="segments" titleOf={titleOf}>
      {({ datasource: { uid }, ds, one: id, parameters }) => {
        const addressOf = (segment?: string) => segmentPage(segment, ds);
        const all = pageAddress(['segments'], ds);
        return id === undefined ? (
          <SegmentsView
            key={uid}
            datasource={uid}
            state={list.fromParameters(parameters)}
            onState={(state, typing = false) =>
              setParameters([...ds, ...list.toParameters(state)], typing, ['segments'])
            }
            hrefOf={addressOf}
            fileHref={pageAddress(['tables', NEW], ds)}
            deleted={deleted}
            onDeleted={setDeleted}
          />
        ) : (
          <>
            <Leaving uid={uid} text={titleOf(id)} />
            <SegmentView
              key={`${uid} ${id}`}
              datasource={uid}
              id={id === NEW ? undefined : id}
              onKnown={setKnown}
              state={one.fromParameters(parameters)}
              onState={(state, typing = false) =>
                setParameters([...ds, ...one.toParameters(state)], typing, ['segments', id])
              }
              places={{
                list: all,
                segment: addressOf,
                user: (user) => userPage(uid, user),
                leaving: (audience, range) => leavingPage(uid, toAddress(audience), range),
                users: (segment) => pageAddress(['users'], [...ds, ['seg', segment]]),
                show: (segment) => goTo(addressOf(segment)),
                leave: (gone) => {
                  setDeleted(gone);
                  goTo(all);
                },
              }}
            />
          </>
        );
      }}
    </ListPage>
  );
}
