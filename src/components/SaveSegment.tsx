import { css } from '@emotion/css';
import { Alert, Button, Field, Input, Modal, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

import { callResource } from '../api/call';
import { messageOf } from '../api/errors';
import { usePreview } from '../api/usePreview';
import { type SegmentDefinition } from '../query/types.gen';
import { t } from '../text';

import { countText } from './Count';

export interface Saved {
  id: string;
  name: string;
}

interface Props {
  datasource: string;
  definition: SegmentDefinition;
  onSaved: (segment: Saved) => void;
  onClose: () => void;
}

/** Names a definition and keeps it, with its sentence and size in view. */
export function SaveSegment({ datasource, definition, onSaved, onClose }: Props) {
  const styles = useStyles2(getStyles);
  const [name, setName] = useState('');
  const [id, setId] = useState<string>();
  const [saving, setSaving] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const { preview, refusal: why } = usePreview(datasource, definition);
  const segment = { id: id ?? idOf(name), name: name.trim() };

  const save = async () => {
    setSaving(true);
    setRefusal(undefined);
    try {
      const data = { ...segment, kind: 'dynamic', definition };
      await callResource(datasource, 'segments', { method: 'POST', data });
      // The list shows the segment next, so that it must have been computed.
      await callResource(datasource, `segments/${segment.id}/refresh`, { method: 'POST' });
      onSaved(segment);
    } catch (error) {
      setRefusal(messageOf(error));
      setSaving(false);
    }
  };
  return (
    <Modal title={t('save.title')} isOpen onDismiss={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <p className={styles.sentence}>{preview?.sentence ?? why?.message ?? t('save.counting')}</p>
        {preview && <p>{countText(preview.size, preview.universe)}</p>}
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
          <Button type="submit" disabled={saving || !segment.name || !segment.id}>
            {t('save.save')}
          </Button>
        </Modal.ButtonRow>
      </form>
    </Modal>
  );
}

/** An id made of a name: "Cart, then gone!" gives cart-then-gone. */
export function idOf(name: string): string {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
}

const getStyles = () => ({ sentence: css({ '&::first-letter': { textTransform: 'uppercase' } }) });
