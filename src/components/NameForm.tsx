import { Alert, Button, Field, Input, Modal } from '@grafana/ui';
import React, { type ReactNode, useState } from 'react';

import { messageOf } from '../api/errors';
import { t } from '../text';

import { idOf } from './segmentId';

export interface Named {
  id: string;
  name: string;
}

interface Props {
  title: string;
  /** What the button that does it says. */
  action: string;
  initialName?: string;
  /** Does it; an error is shown, and the name can be changed. */
  onSubmit: (segment: Named) => Promise<void>;
  onClose: () => void;
  /** What the segment is, above its name. */
  children: ReactNode;
}

/** A dialog that asks for a new segment's name, and makes its id of it unless another one is typed. */
export function NameForm({ title, action, initialName = '', onSubmit, onClose, children }: Props) {
  const [name, setName] = useState(initialName);
  const [id, setId] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const segment = { id: id ?? idOf(name), name: name.trim() };
  const submit = async () => {
    setBusy(true);
    setRefusal(undefined);
    try {
      await onSubmit(segment);
    } catch (error) {
      setRefusal(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <Modal title={title} isOpen onDismiss={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {children}
        <Field label={t('save.name')} description={t('save.nameHelp')}>
          <Input
            id="segment-name"
            autoFocus
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
        </Field>
        <Field label={t('save.id')} description={t('save.idHelp')}>
          <Input id="segment-id" value={segment.id} onChange={({ currentTarget }) => setId(currentTarget.value)} />
        </Field>
        {refusal && <Alert severity="error" title={refusal} />}
        <Modal.ButtonRow>
          <Button variant="secondary" fill="outline" onClick={onClose}>
            {t('save.cancel')}
          </Button>
          <Button type="submit" disabled={busy || !segment.name || !segment.id}>
            {action}
          </Button>
        </Modal.ButtonRow>
      </form>
    </Modal>
  );
}
