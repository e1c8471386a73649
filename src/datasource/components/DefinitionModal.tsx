import { Button, Modal } from '@grafana/ui';
import React from 'react';

import { ConditionBuilder } from '../../components/conditions/ConditionBuilder';
import { useBuilding } from '../../components/conditions/useBuilding';
import { Count } from '../../components/Count';
import { type SegmentDefinition } from '../../query/types.gen';

interface Props {
  datasource: string;
  /** Undefined for a new one. */
  definition?: SegmentDefinition;
  onUse: (definition: SegmentDefinition) => void;
  onClose: () => void;
}

/** Builds a definition that stands in a query. */
export function DefinitionModal({ datasource, definition, onUse, onClose }: Props) {
  const building = useBuilding(datasource, definition);
  const { finished, previewed, counting } = building;
  const { preview, refusal } = previewed;
  return (
    <Modal title="Users who match" isOpen onDismiss={onClose} closeOnBackdropClick={false}>
      <ConditionBuilder {...{ datasource, ...building }} />
      {preview && <p>{preview.sentence}</p>}
      {refusal && !counting && <p role="alert">{refusal.message}</p>}
      {finished && <Count total={preview?.size} universe={preview?.universe} counting={counting} />}
      <Modal.ButtonRow>
        <Button variant="secondary" fill="outline" onClick={onClose}>
          Cancel
        </Button>
        <Button disabled={!finished} onClick={() => finished && onUse(finished)}>
          Use these conditions
        </Button>
      </Modal.ButtonRow>
    </Modal>
  );
}
