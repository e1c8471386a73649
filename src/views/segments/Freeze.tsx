import { Alert, Button, Field, Input, Modal } from '@grafana/ui';
import React, { useState } from 'react';

import { callResource } from '../../api/call';
import { messageOf } from '../../api/errors';
import { idOf } from '../../components/SaveSegment';
import { type Segment } from '../../query/types.gen';
import { t } from '../../text';

import { segmentPath } from './useSegment';

interface Props {
  datasource: string;
  segment: Segment;
  onFrozen: (id: string) => void;
  onClose: () => void;
}

/** Makes a list of the members that a segment has now. */
export function Freeze({ datasource, segment, onFrozen, onClose }: Props) {
  const [name, setName] = useState(() =>
    t('segments.frozenName', { name: segment.name, day: new Date().toISOString().slice(0, 10) })
  );
  const [refusal, setRefusal] = useState<string>();
  const freeze = async () => {
    try {
      const data = { id: idOf(name), name: name.trim() };
      await callResource(datasource, `${segmentPath(segment.id)}/freeze`, { method: 'POST', data });
      onFrozen(data.id);
    } catch (error) {
      setRefusal(messageOf(error));
    }
  };
  return (
    <Modal title={t('segments.freeze')} isOpen onDismiss={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void freeze();
        }}
      >
        <p>{t('segments.freezeHelp')}</p>
        <Field label={t('save.name')}>
          <Input
            {...{ id: 'frozen-name', autoFocus: true, value: name }}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
        </Field>
        {refusal && <Alert severity="error" title={refusal} />}
        <Modal.ButtonRow>
          <Button variant="secondary" fill="outline" onClick={onClose}>
            {t('save.cancel')}
          </Button>
          <Button type="submit" disabled={!idOf(name)}>
            {t('segments.freeze')}
          </Button>
        </Modal.ButtonRow>
      </form>
    </Modal>
  );
}
