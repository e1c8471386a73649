package filter

// Joins gives the aliases of conditions, u and p, to the user and the profile that rows with the alias of are of. Rows of
// nobody have neither.
func (n Needs) Joins(of string) string {
	joins := ""
	if n.Users {
		joins += "\n  left join footfall.users u on u.key = " + of + ".user_key and u.kind <> 'none'"
	}
	if n.Profiles {
		joins += "\n  left join footfall.profiles p on p.user_key = " + of + ".user_key"
	}
	return joins
}

// JoinsOfUsers leaves out rows of nobody.
func (n Needs) JoinsOfUsers(of string) string {
	joins := ""
	if n.Users {
		joins += "\n  join footfall.users u on u.key = " + of + ".user_key"
	}
	if n.Profiles {
		joins += "\n  join footfall.profiles p on p.user_key = " + of + ".user_key"
	}
	return joins
}

// JoinsOfNobody gives the aliases to nothing, for rows that are all of nobody.
func (n Needs) JoinsOfNobody() string {
	joins := ""
	if n.Users {
		joins += "\n  left join footfall.users u on false"
	}
	if n.Profiles {
		joins += "\n  left join footfall.profiles p on false"
	}
	return joins
}

// JoinUser gives alias u to the user of profiles p.
func (n Needs) JoinUser() string { return Needs{Users: n.Users}.JoinsOfUsers("p") }
