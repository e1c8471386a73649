import { InlineFieldRow } from '@grafana/ui';
import React from 'react';

import { TextOption } from './options';

interface Props {
  value: string | undefined;
  onType: (search: string | undefined) => void;
  onRun: () => void;
}

/** Finds users in a list of them. */
export function SearchOption(props: Props) {
  return (
    <InlineFieldRow>
      <TextOption
        label="Search"
        tooltip="Part of a user's id, name or e-mail, in any case"
        placeholder="Part of an id, name or e-mail, or $variable"
        {...props}
      />
    </InlineFieldRow>
  );
}
