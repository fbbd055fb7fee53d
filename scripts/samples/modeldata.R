# Writes three data sets of the R package modeldata as CSV files, for scripts/samples/makeSamples.ts.
#
# Needs R with modeldata (Debian: r-cran-modeldata):
#
#     Rscript scripts/samples/modeldata.R <sources folder>/modeldata
#
# Numbers are written with at most 15 significant digits, which reads back as the same double for all of them but
# sums that R computed; those keep 15 digits.

library(modeldata)

folder <- commandArgs(trailingOnly = TRUE)[1]
dir.create(folder, recursive = TRUE, showWarnings = FALSE)

write_table <- function(name, table) {
  write.csv(as.data.frame(table), file.path(folder, paste0(name, ".csv")), row.names = FALSE, quote = FALSE, na = "", fileEncoding = "UTF-8")
}

data(list = c("lending_club", "ames", "Chicago"))

write_table("lending-club", lending_club)
write_table("ames", ames)

# The twenty stations are left out: they hold other stations' values of 14 days before, which a window over the
# ridership itself replaces. The day of the week is spelled out, because a network cannot read it from the date.
days <- c("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
weekday <- days[as.POSIXlt(Chicago$date)$wday + 1]
kept <- c(
  "ridership", "temp_min", "temp", "temp_max", "dew", "humidity", "pressure", "wind", "percip",
  "weather_rain", "weather_snow", "weather_cloud", "weather_storm",
  "Blackhawks_Home", "Bulls_Home", "Bears_Home", "WhiteSox_Home", "Cubs_Home"
)
stopifnot(!is.unsorted(Chicago$date, strictly = TRUE))
write_table("chicago", data.frame(date = format(Chicago$date), weekday = weekday, Chicago[kept], check.names = FALSE))
