package attendance

// StepCode names a step that can settle an anomaly; its text stands in the
// catalogues as step.CODE.
type StepCode string

// Steps.
const (
	StepExplain        StepCode = "explain"             // say why it is as it is
	StepReopen         StepCode = "reopen"              // take an explanation back
	StepAdjust         StepCode = "adjust"              // state the missing edge
	StepWithdraw       StepCode = "withdraw"            // take that statement back
	StepIgnore         StepCode = "ignore-tap"          // leave a tap out
	StepCountAgain     StepCode = "count-again"         // count a tap that was left out
	StepAssign         StepCode = "assign-badge"        // say who held the badge then
	StepEngagement     StepCode = "change-engagement"   // mend the days of the engagement
	StepEmployer       StepCode = "choose-employer"     // say which engagement is the default
	StepDecideSite     StepCode = "decide-site"         // say whether the site falls under CIAO
	StepDeclaration    StepCode = "add-declaration"     // enter a declaration of works
	StepChooseDeclared StepCode = "choose-declaration"  // say which declaration is the default
	StepIdentity       StepCode = "complete-identity"   // enter what the register needs
	StepReadBox        StepCode = "read-box"            // read the box to its end
	StepAskRegister    StepCode = "ask-register"        // look who registered by phone
	StepSetClock       StepCode = "set-clock"           // set the box's clock
	StepRepairClock    StepCode = "accept-clock-repair" // confirm the shift of a wrong clock
	StepPlace          StepCode = "set-coordinates"     // enter where the site lies
	StepCorrect        StepCode = "correct-at-register" // have the register corrected
)
