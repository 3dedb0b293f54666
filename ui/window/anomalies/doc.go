// Package anomalies is the screen that lists what is wrong and settles it.
package anomalies
