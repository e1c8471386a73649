package event

// Token is what footfall.tokens holds of an event; page and name are dictionary ids, 0 for null.
type Token struct {
	Type        Type
	Page, Name  int32
	Frustration Frustration
}
