package ingest

// Report tells what an import did.
type Report struct {
	Import  int32        `json:"import,omitempty"` // its id in footfall.imports, 0 where the role may not record it
	Name    string       `json:"name"`
	Earlier int32        `json:"earlier,omitempty"` // the latest import of a file of the same name that was not taken back
	Files   []FileReport `json:"files"`
	Read    int64        `json:"read"`
	Taken   int64        `json:"taken"`
	Refused int64        `json:"refused"`
	LeftOut int64        `json:"left_out"`

	// Some rows of each chunk are looked up in the store. Those that resemble a stored event (of the same user, time, type and
	// page) and are others by their ids may have been imported before. Nil where nothing could be looked up.
	LookedUp   *int64 `json:"looked_up,omitempty"`
	Resembling *int64 `json:"resembling,omitempty"`

	Warnings []string `json:"warnings"` // what looks as if it were not meant; sentences without full stops
}

// FileReport tells what was done with one file. Read = Taken + Refused, unless Error says what ended it.
type FileReport struct {
	File    string `json:"file"`
	Read    int64  `json:"read"`     // rows read
	Taken   int64  `json:"taken"`    // rows committed to the inbox
	Refused int64  `json:"refused"`  // rows that cannot be an event
	LeftOut int64  `json:"left_out"` // values of taken rows that are left out or cut
	Error   string `json:"error,omitempty"`
}

// Refusal is a row that was not taken, or a value of a taken one that is left out or cut.
type Refusal struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Field  string `json:"field,omitempty"`  // empty: the row as a whole
	Column string `json:"column,omitempty"` // of the file, where it has another name
	Value  string `json:"value,omitempty"`  // what was sent, where the reason speaks of it
	Reason string `json:"reason"`           // the same for all that is wrong in the same way
	Raw    []byte `json:"-"`                // the row as it was; valid during the call
}

// Progress is how far an import is.
type Progress struct {
	Bytes int64 // read of all files so far, as they lie on disk
	Rows  int64
}

func (r *Report) add(file FileReport) {
	r.Files = append(r.Files, file)
	r.Read += file.Read
	r.Taken += file.Taken
	r.Refused += file.Refused
	r.LeftOut += file.LeftOut
}
