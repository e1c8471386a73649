import { Button, TextArea } from '@grafana/ui';
import React, { useEffect, useState } from 'react';

import { type Previewed } from '../../api/usePreview';
import { readDefinition } from '../../conditions/json';
import { type SegmentDefinition } from '../../query/types.gen';
import { t } from '../../text';
import { Stack } from '../Stack';

interface Props {
  definition: SegmentDefinition;
  /** What the backend says of what is being built, which is this definition once it is used. */
  refusal: Previewed['refusal'];
  counting: boolean;
  onUse: (definition: SegmentDefinition) => void;
  /** What was used is a definition. */
  onDone: () => void;
}

/** The definition as JSON, to be copied, or replaced by another one; what is refused stays, with the reason. */
export function DefinitionText({ definition, refusal, counting, onUse, onDone }: Props) {
  const [text, setText] = useState(() => JSON.stringify(definition, null, 2));
  const [used, setUsed] = useState<string>();
  const [unread, setUnread] = useState<string>();
  const isUsed = used === text;
  // What takes too long is a definition, too: only what is wrong has a place.
  const wrong = isUsed && !counting && refusal?.path ? refusal.message : undefined;
  const isDone = isUsed && !counting && !wrong;
  useEffect(() => {
    if (isDone) {
      onDone();
    }
  }, [isDone, onDone]);
  const use = () => {
    try {
      onUse(readDefinition(text));
      setUsed(text);
    } catch (error) {
      setUnread((error as Error).message);
    }
  };
  const problem = unread ?? wrong;
  return (
    <Stack direction="column">
      <TextArea
        {...{ 'aria-label': t('builder.json'), rows: 16, value: text, invalid: Boolean(problem), spellCheck: false }}
        onChange={({ currentTarget: { value } }) => {
          setText(value);
          setUnread(undefined);
        }}
      />
      {problem && <span role="alert">{problem}</span>}
      <Stack>
        <Button size="sm" disabled={isUsed && counting} onClick={use}>
          {t('builder.useText')}
        </Button>
      </Stack>
    </Stack>
  );
}
